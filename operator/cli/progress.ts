import { Presets, SingleBar } from "cli-progress";

export type Progress = {
  readonly show: (done: number, of: number) => void;
  readonly end: () => void;
};

const NONE: Progress = { show: () => {}, end: () => {} };

/** A bar on standard error, so that standard output stays clean; none where nobody looks. */
export const progressBar = (what: string, isWanted: boolean): Progress => {
  if (!isWanted || !process.stderr.isTTY) return NONE;
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage} %  {value} of {total}  {eta_formatted} left`,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show: (done, of) => {
      if (!isStarted) {
        bar.start(of, done);
        isStarted = true;
        return;
      }
      bar.setTotal(of);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
};
