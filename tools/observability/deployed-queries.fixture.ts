// What is asked of Prometheus in a deployment: by the alerts and by the dashboard.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../check/command.ts';

export const deployedFile = (name: string): string => join(ROOT, 'infra/observability', name);

const read = (name: string): string => readFileSync(deployedFile(name), 'utf8');

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
}

export interface AlertRules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

export const deployedRules = (): AlertRules => parse(read('rules.yml')) as AlertRules;

export const deployedAlerts = (): readonly string[] =>
  deployedRules().groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));

export const dashboardQueries = (): readonly string[] =>
  (JSON.parse(read('dashboards/trading-core.json')) as Dashboard).panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr),
  );

/** The figures that all of them name, histograms without their endings; Prometheus's own and recorded ones are none of ours. */
export function figuresAskedFor(): readonly string[] {
  const rules = deployedRules().groups.flatMap((group) => group.rules);
  const recorded = rules.flatMap(({ record }) => record ?? []);
  const named = [...rules.map(({ expr }) => expr), ...dashboardQueries()].flatMap((query) =>
    (
      query.replace(/\{[^}]*\}|\b(?:by|on) \([^)]*\)/g, ' ').match(/[a-z][a-z0-9_:]*_[a-z0-9_:]+(?! ?\()/g) ?? []
    ).filter((name) => !new RegExp(`\\b${name}[a-z_]* ?\\(`).test(query)),
  );
  const figures = named.map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
  return [...new Set(figures)].filter((name) => !recorded.includes(name)).toSorted();
}
