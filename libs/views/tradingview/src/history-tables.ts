/** Where the gateway keeps orders that ended and fills: they are too many for a session to keep in view. */
export const historyTables = {
  name: 'tv-gateway-history',
  tables: [
    { table: 'order_history', key: 'order_id' },
    { table: 'execution', key: 'execution_id' },
  ],
} as const;
