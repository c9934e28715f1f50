import { ConnectorModule } from '@core/connector/connector.module';
import { RequestSettings } from '@core/connector/requests/request-settings';
import { Module } from '@nestjs/common';
import { Registry as Metrics } from 'prom-client';
import { XapiSettings } from './config.ts';
import { EgressAddresses } from './transport/egress.ts';
import { loginOptions } from './transport/login-options.ts';
import { XapiAdapter } from './xapi-adapter.ts';
import { XapiMetrics } from './xapi-metrics.ts';

function adapterOf(broker: XapiSettings, requests: RequestSettings, metrics: Metrics): XapiAdapter {
  const egress = new EgressAddresses(broker.egressAddresses, loginOptions(broker, requests), broker);
  return new XapiAdapter(egress, new XapiMetrics(metrics, egress), broker.brokerHosts);
}

/** Holds sessions at brokers that speak xAPI; takes in the feed and their sockets, gives out events, quotes, instruments. */
@Module({
  imports: [
    ConnectorModule.of({
      name: 'xapi-connector',
      adapter: { inject: [XapiSettings, RequestSettings, Metrics], useFactory: adapterOf },
    }),
  ],
})
export class XapiConnectorModule {}
