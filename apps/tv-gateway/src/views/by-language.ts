import type { Language } from '@core/kernel/language';

/** Something for each language that somebody has asked in: no more than there are languages. */
export class ByLanguage<Value> {
  private readonly values = new Map<Language, Value>();

  constructor(private readonly make: (language: Language) => Value) {}

  in(language: Language): Value {
    const known = this.values.get(language);
    if (known !== undefined) return known;
    const made = this.make(language);
    this.values.set(language, made);
    return made;
  }
}
