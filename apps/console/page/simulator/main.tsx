// The simulator's page alone, as the simulator shows it on its control port: to whoever is at this machine.
import '../style.css';
import { render } from 'preact';
import { operator } from '../api.ts';
import { nextTheme, showTheme, theme } from '../theme.ts';
import { SimulatorPage } from './simulator-page.tsx';

function Alone() {
  return (
    <main id="content" class="alone">
      <SimulatorPage at="/control" />
      <button type="button" class="plain" onClick={() => (theme.value = nextTheme())}>
        Theme: {theme.value}
      </button>
    </main>
  );
}

showTheme();
operator.value = { name: 'whoever is here', role: 'operate', hasSimulator: true, hasReplay: false };
const root = document.getElementById('app');
if (root) render(<Alone />, root);
