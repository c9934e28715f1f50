import type { Command } from 'commander';
import { addAccounts } from './accounts.ts';
import { addAudit } from './audit.ts';
import { addCapsule } from './capsule.ts';
import { addCells } from './cells.ts';
import { newProgram } from './cli.ts';
import { addCompletion } from './completion.ts';
import { addConsole } from './console.ts';
import { addData } from './data.ts';
import { addDiff } from './diff.ts';
import { addDoctor } from './doctor.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addIntegrations } from './integrations.ts';
import { addKeys } from './keys.ts';
import { addLimits } from './limits.ts';
import { addLog } from './log.ts';
import { addVerify } from './log-proof.ts';
import { addMarket } from './market.ts';
import { addOauth } from './oauth.ts';
import { addOperators } from './operators.ts';
import { addOrders } from './orders.ts';
import { projectionCatalogue } from '@core/operations/projection-catalogue';
import { addProjections } from './projections.ts';
import { addQuarantine } from './quarantine.ts';
import { addReconcile } from './reconcile.ts';
import { addReplay } from './replay.ts';
import { addSessions } from './sessions.ts';
import { addSignals } from './signals.ts';
import { addShadow } from './shadow.ts';
import { addSlippage } from './slippage.ts';
import { addState } from './state.ts';
import { addStatus } from './status.ts';
import { addTraders } from './traders.ts';
import { addTrading } from './trading.ts';
import { addWhy } from './why.ts';

const parts = [
  ...[
    addLog,
    addStatus,
    addDoctor,
    addVerify,
    addAccounts,
    addSessions,
    addReconcile,
    addState,
    addDiff,
    addShadow,
    addWhy,
    addAudit,
    addMarket,
    addConsole,
  ],
  ...[
    addCells,
    addTraders,
    addOperators,
    addKeys,
    addIntegrations,
    addSignals,
    addOauth,
    addData,
    addTrading,
    addLimits,
    addSlippage,
    addOrders,
    addQuarantine,
  ],
  ...[addExport, addImport, addCapsule, addReplay, addCompletion],
];

/** Everything an operator can say. */
export function operatorProgram(): Command {
  const program = newProgram();
  for (const add of parts) add(program);
  addProjections(program, projectionCatalogue);
  takeNoMore(program);
  return program;
}

/** What is asked of two accounts and done to one would be taken for done to both. */
function takeNoMore({ commands }: Command): void {
  for (const command of commands) {
    if (command.commands.length > 0) takeNoMore(command);
    else command.allowExcessArguments(false);
  }
}
