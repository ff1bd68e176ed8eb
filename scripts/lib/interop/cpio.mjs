const DIRECTORY = 0o040755;
const PROGRAM = 0o100755;
const FILE = 0o100644;
const TRAILER = 'TRAILER!!!';

/**
 * An archive in the form that Linux unpacks as its first file system (Documentation/driver-api/early-userspace/
 * buffer-format.rst), of directories, programs and files.
 *
 * @param {readonly { name: string, kind: 'directory' | 'program' | 'file', data?: Buffer }[]} entries
 * @returns {Buffer}
 */
export function cpio(entries) {
  const modes = { directory: DIRECTORY, program: PROGRAM, file: FILE };
  const parts = entries.map(({ name, kind, data }, n) => member(n + 1, name, modes[kind], data ?? Buffer.alloc(0)));
  return Buffer.concat([...parts, member(0, TRAILER, 0, Buffer.alloc(0))]);
}

function member(ino, name, mode, data) {
  const title = Buffer.from(`${name}\0`);
  const fields = [ino, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, title.length, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([head, title])), padded(data)]);
}

const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
