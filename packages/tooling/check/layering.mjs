/** Runs the layering rules and says what it looked at: a check of no module is a failure, not a pass. */
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config from "./dependency-cruiser.config.mjs";

/**
 * @param {readonly string[]} roots folders to look at
 * @param {string} baseDir the repository
 * @returns {Promise<{ modules: number, dependencies: number, violations: readonly string[] }>}
 */
export async function checkLayers(roots, baseDir) {
  const { options } = config;
  const forbidden = /** @type {import("dependency-cruiser").IForbiddenRuleType[]} */ (config.forbidden);
  const tsConfig = extractTsConfig(join(baseDir, options.tsConfig.fileName));
  const found = await cruise(
    [...roots],
    { ...options, baseDir, validate: true, ruleSet: { forbidden } },
    undefined,
    { tsConfig },
  );
  const { summary } = /** @type {import("dependency-cruiser").ICruiseResult} */ (found.output);
  return {
    modules: summary.totalCruised,
    dependencies: summary.totalDependenciesCruised ?? 0,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

if (import.meta.main) {
  const { modules, dependencies, violations } = await checkLayers(["packages", "e2e"], process.cwd());
  for (const violation of violations) process.stdout.write(`${violation}\n`);
  process.stdout.write(`${modules} modules, ${dependencies} dependencies, ${violations.length} violations\n`);
  process.exitCode = modules === 0 || violations.length > 0 ? 1 : 0;
}
