import { CopyButton } from '../parts/copy-button.tsx';

interface MadeSecretProps {
  readonly name: string;
  readonly value: string;
}

/** What nobody is shown again. */
export const MadeSecret = ({ name, value }: MadeSecretProps) => (
  <p class="secret">
    {name} <code>{value}</code> <CopyButton text={value} what="the secret" />
    <span class="quiet">Shown this once: nobody can read it again.</span>
  </p>
);
