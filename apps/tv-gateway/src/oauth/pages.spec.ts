import { LANGUAGES } from '@core/kernel/language';
import { html } from './html.ts';
import { pageTexts } from './page-texts.ts';
import { faultText, loginPage, noticePage, type Brand } from './pages.ts';

const brand: Brand = { name: 'Acme & Sons', hasLogo: true, origin: new URL('https://trading.example.com') };
const redirectUri = 'https://www.tradingview.com/trading/oauth-redirect/acme/';

it('what the pages say is complete in every language', () => {
  expect(pageTexts.faults()).toEqual([]);
});

it('values in HTML are text, and what is not there is left out', () => {
  const hostile = `<b onclick='x'>"&`;
  expect(html`<p title="${hostile}">${[html`<i>${hostile}</i>`, null, false, 0]}</p>`.source).toBe(
    '<p title="&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;"><i>&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;</i>0</p>',
  );
});

describe.each(LANGUAGES)('a page in %s', (language) => {
  it('is in that language, bears the broker and says where the user goes', () => {
    const page = loginPage(brand, { language, redirectUri });
    expect(page.html).toContain(`<html lang="${language}">`);
    expect(page.html).toContain('Acme &amp; Sons');
    expect(page.html).toContain('www.tradingview.com');
    expect(page.html).toContain('src="/oauth/logo"');
    expect(page.headers['content-security-policy']).toContain(`form-action 'self' https://www.tradingview.com`);
  });

  it.each(['failed', 'throttled', 'busy', 'broken', 'loginMissing', 'passwordMissing'] as const)(
    'tells that a login is %s, once, and nothing of who exists',
    (wrong) => {
      const page = loginPage(brand, { language, redirectUri, login: 'ada', wrong });
      expect(page.html.match(/role="alert"/g)).toHaveLength(1);
      expect(page.html.match(/ autofocus/g)).toHaveLength(1);
      expect(page.html).toContain(faultText(wrong, language));
    },
  );

  it('that only says something has no form', () => {
    expect(noticePage(brand, language, 'expired', 'expiredHelp').headers['content-security-policy']).toContain(
      `form-action 'none'`,
    );
  });
});
