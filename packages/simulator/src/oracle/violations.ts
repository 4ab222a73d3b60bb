/** What must not be, collected: the first ones tell, the rest follows from them. */
export type Violations = {
  readonly add: (what: string) => void;
  readonly all: () => readonly string[];
};

const violationsMax = 20;

export function newViolations(onFirst: (what: string) => void): Violations {
  const found: string[] = [];
  return {
    add: (what) => {
      onFirst(what);
      if (found.length < violationsMax) found.push(what);
    },
    all: () => found,
  };
}
