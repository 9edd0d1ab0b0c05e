import { type ClassValue, clsx } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Class names put together; of two that say the same thing, the later one counts. */
export function cn(...names: readonly ClassValue[]): string {
  return twMerge(clsx(names))
}
