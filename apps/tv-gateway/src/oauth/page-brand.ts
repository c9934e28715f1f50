import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { OauthSettings } from '../config.ts';
import type { Brand } from './pages.ts';

export interface Logo {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The broker's name and logo, as the operator set them. A logo that cannot be read ends the start, not a visit. */
@Injectable()
export class PageBrand {
  readonly is: Brand;
  readonly logo: Logo | null;

  constructor({ url, brokerName, logoFile }: OauthSettings) {
    this.logo = logoFile === undefined ? null : { type: typeOf(logoFile), bytes: readFileSync(logoFile) };
    this.is = { name: brokerName, hasLogo: this.logo !== null, origin: new URL(url ?? 'http://localhost') };
  }
}

const typeOf = (file: string): string => (file.toLowerCase().endsWith('.svg') ? 'image/svg+xml' : 'image/png');
