import 'reflect-metadata';
import { runEdge } from '@core/edge/run-edge';
import { tvGateway } from './tv-gateway.ts';

runEdge(tvGateway);
