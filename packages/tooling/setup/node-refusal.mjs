const oldestMajor = 20;

/**
 * Why this Node cannot run the set-up, or undefined when it can.
 * @param {string} version such as "20.20.2"
 * @returns {string | undefined}
 */
export function nodeRefusal(version) {
  if (Number.parseInt(version, 10) >= oldestMajor) return undefined;
  return `Node.js ${version} is too old: install Node.js ${oldestMajor} or newer (with npm) and run this again.`;
}
