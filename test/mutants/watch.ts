/** A value inside a frame: `realm.num_recs`; `aux.*` is any item of a list. */
export type Path = string;

type Scalar = number | bigint;
/** Told of each number that is read; what it returns is what the reader gets. */
export type OnRead = (path: Path, value: Scalar) => Scalar;

const isScalar = (value: unknown): value is Scalar => typeof value === 'number' || typeof value === 'bigint';

const watchValue = (value: unknown, path: Path, onRead: OnRead): unknown => {
  if (isScalar(value)) return onRead(path, value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return watched(value, path, onRead);
};

/** An object whose numbers, and those of the objects in it, are read through `onRead`. */
export const watched = <T extends object>(target: T, path: Path, onRead: OnRead): T => {
  const isList = Array.isArray(target);
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key, target);
      // A method of a list goes through its items, and has to meet them here; any other works on what it belongs to.
      if (typeof value === 'function') return isList ? value : value.bind(target);
      if (typeof key === 'symbol' || (isList && key === 'length')) return value;
      const name = isList ? '*' : key;
      return watchValue(value, path === '' ? name : `${path}.${name}`, onRead);
    },
  });
};

/** What changes a monitor, by the method that does. */
const MUTATORS: ReadonlySet<string> = new Set([
  'setGranule',
  'wipe',
  'copyGranule',
  'write',
  'createRealm',
  'updateRealm',
  'removeRealm',
  'createRec',
  'updateRec',
  'removeRec',
  'putRtt',
  'removeRtt',
  'setRtte',
  'measure',
  'gtsi',
]);

/** A call of a mutator: `go` makes it, with these arguments or others. */
export type OnChange = (method: string, args: readonly unknown[], go: (args: readonly unknown[]) => unknown) => unknown;

/** The monitor as an effect sees it, whose changes go through `onChange`. */
export const watchedModel = (model: object, onChange: OnChange): object =>
  new Proxy(model, {
    get(_, key) {
      const value: unknown = Reflect.get(model, key, model);
      if (typeof value !== 'function') {
        return key === 'state' ? watchedModel(value as object, onChange) : value;
      }
      const method = value.bind(model) as (...args: readonly unknown[]) => unknown;
      if (typeof key === 'symbol' || !MUTATORS.has(key)) return method;
      return (...args: readonly unknown[]) => onChange(key, args, (given) => method(...given));
    },
  });
