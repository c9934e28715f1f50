import './style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { followLinks } from './address.ts';
import { findByKeys } from './find/find-dialog.tsx';
import { followLog } from './live.ts';
import { showTheme } from './theme.ts';

showTheme();
followLinks();
followLog();
findByKeys();
const root = document.getElementById('app');
if (root) render(<App />, root);
