/** errno values of Linux that the report tree answers with. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EWOULDBLOCK: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EFBIG: 27,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
} as const;
export type Errno = keyof typeof ERRNO;

/** A value, or why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: Errno };

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value });
export const fails = (errno: Errno): Answer<never> => ({ ok: false, errno });
