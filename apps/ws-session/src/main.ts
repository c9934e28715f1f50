import 'reflect-metadata';
import { runEdge } from '@core/edge/run-edge';
import { wsSession } from './ws-session.ts';

runEdge(wsSession);
