export const t: bigint = 1n
