// Owns the client object: its options, and the calls its resources are made of.
// Does not know how calls are sent (core/transport.ts) or what they say (resources/, generated).
// Always: the API key lives in a private field, so printing or serializing a client never shows it.

import { type ApiResponse, unwrap, unwrapPage } from './core/answer.ts'
import { type CommetOptions, type Config, resolveConfig } from './core/config.ts'
import { type ListPromise, listPages } from './core/paging.ts'
import { realTiming, type Timing } from './core/retry.ts'
import { type ApiRequest, send } from './core/transport.ts'
import { Resources } from './resources/resources.ts'

/**
 * A client of one Commet server, for one environment. Make one and share it: it holds no connection and no state.
 *
 * Every call may throw `CommetAPIError` (the server refused; `CommetValidationError` for bad fields),
 * `CommetConnectionError` or `CommetTimeoutError` (no answer, after all retries), and rejects with `signal.reason`
 * when its signal aborts it.
 */
export class Commet extends Resources {
  readonly #config: Config
  readonly #timing: Timing

  constructor(options: CommetOptions)
  /** @internal Tests pass their own timing, so that they never sleep. */
  constructor(options: CommetOptions, timing: Timing)
  constructor(options: CommetOptions, timing: Timing = realTiming) {
    super()
    this.#config = resolveConfig(options)
    this.#timing = timing
  }

  /** Any operation, also one this version of the package has no method for. Retries and errors as everywhere. */
  override async request<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    return unwrap<T>(await send(this.#config, this.#timing, request))
  }

  /** Any list operation: await the result for one page, or `for await` over it for all items. */
  override requestList<T>(request: ApiRequest): ListPromise<T> {
    const { cursor, ...query } = request.query ?? {}
    const fetchPage = async (from: string | undefined) => {
      const success = await send(this.#config, this.#timing, {
        ...request,
        query: { ...query, cursor: from },
      })
      return { ...unwrapPage<T>(success), requestId: success.requestId }
    }
    return listPages(fetchPage, typeof cursor === 'string' ? cursor : undefined)
  }
}
