export const medianOf = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Times two things in turn, so that whatever else the machine does meets both alike.
 *
 * @param {{ readonly repetitions: number, readonly warmUp: number }} how  repetitions that count, and those before them
 * @param {() => () => void} subject    prepares one run, untimed, and gives what is timed
 * @param {() => () => void} yardstick  the same for what the subject is measured by
 * @returns medians in milliseconds, and the ratio of the two
 */
export const interleave = ({ repetitions, warmUp }, subject, yardstick) => {
  const times = { subject: [], yardstick: [] };
  const time = (prepare) => {
    const run = prepare();
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  for (let i = -warmUp; i < repetitions; i += 1) {
    const [a, b] = [time(subject), time(yardstick)];
    if (i < 0) continue;
    times.subject.push(a);
    times.yardstick.push(b);
  }
  const [subjectMs, yardstickMs] = [medianOf(times.subject), medianOf(times.yardstick)];
  return { subjectMs, yardstickMs, ratio: subjectMs / yardstickMs, repetitions };
};
