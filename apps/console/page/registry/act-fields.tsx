import type { ActField } from './act-offer.ts';

/** The fields of a form; those that are seldom needed are folded away. */
export function ActFields({ fields }: { readonly fields: readonly ActField[] }) {
  const folds = [...new Set(fields.flatMap(({ fold }) => fold ?? []))];
  return (
    <>
      {fields
        .filter(({ fold }) => fold === undefined)
        .map((field) => (
          <Field key={field.name} {...field} />
        ))}
      {folds.map((heading) => (
        <details key={heading} class="fold">
          <summary>{heading}</summary>
          {fields
            .filter(({ fold }) => fold === heading)
            .map((field) => (
              <Field key={field.name} {...field} />
            ))}
        </details>
      ))}
    </>
  );
}

function Field({ name, label, kind, choices = [], isNeeded = false, value = '', hint }: ActField) {
  if (kind === 'flag')
    return (
      <label class="choice">
        <input type="checkbox" name={name} value="on" /> {label}
      </label>
    );
  return (
    <label>
      {label}
      {kind === 'choice' || kind === 'wishes' ? (
        <select name={name}>
          {choices.map(([each, called]) => (
            <option key={each} value={each}>
              {called}
            </option>
          ))}
        </select>
      ) : (
        <input
          name={name}
          defaultValue={value}
          required={isNeeded}
          placeholder={hint}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
      )}
    </label>
  );
}
