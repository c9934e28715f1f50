import { Texts } from '@core/kernel/texts';
import de from './texts/de.json';
import en from './texts/en.json';
import es from './texts/es.json';
import fr from './texts/fr.json';
import it from './texts/it.json';
import ja from './texts/ja.json';
import pl from './texts/pl.json';
import pt from './texts/pt.json';
import ru from './texts/ru.json';
import tr from './texts/tr.json';
import zh from './texts/zh.json';

export type PageText = keyof typeof en;

/** What the pages of the login say. */
export const pageTexts = new Texts<PageText>({ en, de, es, fr, it, pl, pt, ru, tr, ja, zh });
