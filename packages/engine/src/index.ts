/*
 * The engine: facts in, decision out. It decides everything about money and changes nothing.
 * No clock, no I/O, no imports from outside; the rules it follows are told in RULES.md.
 */

export type * from './allowance.ts'
export {
  addPurchasedCredits,
  addTopUp,
  aiTokenCost,
  drawBalance,
  drawCredits,
  refill,
  totalCredits,
} from './allowance.ts'
export type * from './cancellation.ts'
export { decideCancellation, decideUncancel } from './cancellation.ts'
export type * from './change.ts'
export { decideChange, directionOf } from './change.ts'
export type * from './count.ts'
export { decideCountChange } from './count.ts'
export type * from './credit.ts'
export {
  allocateCredit,
  decideCreditExpiry,
  decideCreditGrant,
  decideCreditRevocation,
  remainingCredit,
  usableCredit,
} from './credit.ts'
export type * from './discount.ts'
export { coversCurrency, decideDiscount, runningPhase, trialDaysOf } from './discount.ts'
export type * from './dunning.ts'
export { decidePayment, decideRecovery, decideRetry, nextRetryAt, retrySchedule } from './dunning.ts'
export type * from './entitlement.ts'
export { decideAccess } from './entitlement.ts'
export type * from './invoice.ts'
export { decideInvoice } from './invoice.ts'
export type * from './ledger.ts'
export { accountBalance } from './ledger.ts'
export type * from './line.ts'
export { basisPointsOf, monthlyValue } from './metrics.ts'
export type * from './money.ts'
export { allocate, minor, minorToRate, rate, ratePerMinor, rateToMinor, sumMinor } from './money.ts'
export type * from './opening.ts'
export { decideActivation, decideOpening } from './opening.ts'
export type * from './period.ts'
export {
  currentPeriod,
  currentWindow,
  cutPeriod,
  dateOf,
  hasCome,
  openCycle,
  periodAt,
  periodIndex,
  positionAt,
  startOf,
  windowAt,
} from './period.ts'
export type * from './plan.ts'
export { grantsAccess } from './plan.ts'
export type * from './promotion.ts'
export { decideIntroductoryOffer, decideOfferChannel, decidePromoCode } from './promotion.ts'
export type * from './proration.ts'
export { daysLeft, prorate } from './proration.ts'
export type * from './purchase.ts'
export {
  decideAddOnActivation,
  decideAddOnDeactivation,
  decideAdjustment,
  decideBalanceTopUp,
  decideCreditPackPurchase,
  decideOneTimePayment,
} from './purchase.ts'
export type * from './rating.ts'
export { heldUnits, NO_CONSUMPTION } from './rating.ts'
export type * from './reactivation.ts'
export { decideReactivation } from './reactivation.ts'
export type * from './renewal.ts'
export { decideRenewal, previewRenewal } from './renewal.ts'
export type * from './settlement.ts'
export { decideRefund, decideSettlement, decideUncollectible, decideVoid } from './settlement.ts'
export { editedSnapshot, withGrant } from './snapshot.ts'
export type * from './subscription.ts'
export type * from './tax.ts'
export { decideTaxRule, taxOn } from './tax.ts'
export type * from './trial.ts'
export { decideTrialEnd, decideTrialStart, previewTrialEnd } from './trial.ts'
export type * from './usage.ts'
export { decideEventTime, decideUsage, decideUsageCheck, decideUsageTotal } from './usage.ts'
