import 'reflect-metadata';
import { runEdge } from '@core/edge/run-edge';
import { webhook } from './webhook.ts';

runEdge(webhook);
