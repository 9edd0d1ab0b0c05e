import { lazyRouteComponent } from '@tanstack/react-router'
import { notLoaded } from '../api/not-loaded.ts'

/**
 * A page of a module. Its failure is told in words of our own: for the browser's, the router would load the document anew,
 * which leaves nothing but the browser's own page where the server is away.
 */
export function lazyPage<Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(() => load().catch(notLoaded), name)
}
