/** What a person reads of a process: its app, and which of several it is. */
export const processName = ({
  name,
  instance,
}: {
  readonly name: string;
  readonly instance?: number | null;
}): string => (typeof instance === 'number' ? `${name} ${instance}` : name);
