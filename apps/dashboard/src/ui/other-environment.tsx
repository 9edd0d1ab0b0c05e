import { Link } from '@tanstack/react-router'
import { otherThan, useEnvironment } from '../api/environment.ts'

/** For an address that names what is not there: the same address in the other environment, where it may be. */
export function OtherEnvironment() {
  const environment = useEnvironment()
  const other = otherThan(environment)
  return (
    <p className="mt-3">
      You are looking at {environment}.{' '}
      <Link to="." params={(now) => ({ ...now, environment: other })} hash className="underline">
        Look in {other}
      </Link>
    </p>
  )
}
