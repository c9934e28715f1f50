import { endWithReader } from '@core/service/end-with-reader';
import { run } from './cli.ts';
import { operatorProgram } from './operator-program.ts';

endWithReader();
void run(operatorProgram(), process.argv.slice(2)).then((code) => (process.exitCode = code));
