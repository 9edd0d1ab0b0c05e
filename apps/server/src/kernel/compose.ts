import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely'
import type { ComposedStatement } from './db.ts'

/** Turns a statement that was put together for one call into text and values. Statements that never change are text. */

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export function compose(statement: RawBuilder<unknown>): ComposedStatement {
  const { sql, parameters } = statement.compile(compiler)
  return { text: sql, values: parameters }
}
