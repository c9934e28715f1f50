const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is there already',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EROFS: 'that file system is read-only',
  ENOSPC: 'that file system is full',
};

/** Why a file could not be had, and which; null of a failure that is no file's. */
export function fileFailure(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('path' in error) || !('code' in error)) return null;
  const why = WHY[String(error.code)];
  return why === undefined ? null : `${String(error.path)}: ${why}`;
}
