/** Why something cannot be shown, or is not as of now. */
export const Failure = ({ text }: { readonly text: string }) => (
  <p class="failure" role="alert">
    {text}
  </p>
);
