/** Runs work when all that was given before has ended, whether well or not. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const takingTurns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work, work);
    last = run;
    return run;
  };
};
