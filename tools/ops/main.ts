import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

void run(operatorProgram(), process.argv.slice(2)).then((code) => (process.exitCode = code));
