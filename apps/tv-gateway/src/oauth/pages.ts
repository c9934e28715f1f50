import { createHash } from 'node:crypto';
import type { Language } from '@core/kernel/language';
import { say } from '@core/tradingview/texts/user-text';
import type { NoLogin } from '@core/service/password-desk';
import { html, Html } from './html.ts';
import { pageTexts, type PageText } from './page-texts.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Whose pages they are. */
export interface Brand {
  readonly name: string;
  readonly hasLogo: boolean;
  /** Where people reach the gateway. */
  readonly origin: URL;
}

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A login page as it is shown: again, with what is wrong, when somebody was not let in. */
export interface LoginPage {
  readonly language: Language;
  /** Where the user goes once they are in: an address that is registered. */
  readonly redirectUri: string;
  readonly login?: string;
  readonly wrong?: LoginFault;
}

/** A field that was left out, why nobody was let in, or that we could not say. */
export type LoginFault = 'loginMissing' | 'passwordMissing' | NoLogin | 'broken';

const FIELD_OF: Readonly<Partial<Record<LoginFault, 'login' | 'password'>>> = {
  loginMissing: 'login',
  passwordMissing: 'password',
  failed: 'password',
};

/** What is wrong, in the words that a program hears where there are any. */
export function faultText(wrong: LoginFault, language: Language): string {
  if (wrong === 'loginMissing' || wrong === 'passwordMissing') return pageTexts.say(language, wrong);
  return say(language, { key: wrong === 'broken' ? 'request.failed' : `login.${wrong}` });
}

export function loginPage(brand: Brand, { language, redirectUri, login = '', wrong }: LoginPage): Page {
  const words = sayIn(language);
  const site = new URL(redirectUri);
  const faulty = wrong && (FIELD_OF[wrong] ?? null);
  const focus = faulty ?? (wrong ? 'password' : 'login');
  const field = (name: 'login' | 'password', attributes: Html) =>
    html` <div class="field">
      <label for="${name}">${words(name)}</label>
      <input
        id="${name}"
        name="${name}"
        maxlength="256"
        required${attributes}${focus === name && html` autofocus`}
        ${faulty === name && html` aria-invalid="true" aria-describedby="${name}-error"`}
      />
      ${faulty === name && wrong ? html`<p class="error" id="${name}-error" role="alert">${faultText(wrong, language)}</p>` : null}
    </div>`;
  const title = words('logInTo', { broker: brand.name });
  const body = html` ${markOf(brand)}
    <h1>${title}</h1>
    <p>${words('returnTo', { site: site.host })}</p>
    <form method="post" novalidate>
      ${wrong && faulty === null ? html`<p class="alert" role="alert">${faultText(wrong, language)}</p>` : null}
      ${field('login', html` value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false"`)}
      ${field('password', html` type="password" autocomplete="current-password"`)}
      <button type="submit">${words('logIn')}</button>
    </form>`;
  const footer = html`<footer>${words('onlyHere', { origin: brand.origin.origin })}</footer>`;
  return page(brand, { language, title, body, footer, formAction: ` 'self' ${site.origin}` });
}

/** A page that only says something. */
export function noticePage(brand: Brand, language: Language, title: PageText, help: PageText): Page {
  const words = sayIn(language);
  const body = html`${markOf(brand)}
    <h1>${words(title)}</h1>
    <p>${words(help)}</p>`;
  return page(brand, { language, title: words(title), body, footer: html``, formAction: ` 'none'` });
}

interface Parts {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  readonly footer: Html;
  /** Browsers hold a form's redirects to it, too: where the user goes in the end is named. */
  readonly formAction: string;
}

function page({ name, hasLogo }: Brand, { language, title, body, footer, formAction }: Parts): Page {
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title.includes(name) ? title : `${title} · ${name}`}</title>
        <link rel="icon" href="${hasLogo ? LOGO_PATH : 'data:,'}" />
        ${STYLE}
      </head>
      <body>
        <main>${body}</main>
        ${footer}
      </body>
    </html> `;
  return {
    html: document.source,
    headers: {
      ...HEADERS,
      'content-language': language,
      'content-security-policy': `${POLICY}; form-action${formAction}`,
    },
  };
}

/** To the letter: the policy lets in this sheet and no other. */
const STYLE = new Html(`<style>${PAGE_STYLE}</style>`);

const LOGO_PATH = '/oauth/logo';

const markOf = ({ name, hasLogo }: Brand): Html =>
  hasLogo
    ? html`<img class="mark" src="${LOGO_PATH}" alt="" />`
    : html`<div class="mark letter" aria-hidden="true">${[...name][0]?.toUpperCase() ?? ''}</div>`;

const sayIn =
  (language: Language) =>
  (key: PageText, values?: Readonly<Record<string, string>>): string =>
    pageTexts.say(language, key, values);

const POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`,
  `img-src 'self' data:`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};
