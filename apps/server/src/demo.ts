import type { CreateCustomer } from '@commet/contract'
import type { Environment } from './kernel/caller.ts'
import { command, type Kernel } from './kernel/command.ts'
import { createCustomer } from './modules/customers/commands.ts'
import { systemCaller } from './modules/organizations/installation.ts'

/** Something to look at in a new sandbox: customers from several countries and scripts, over the last months. */

type Person = readonly [
  fullName: string,
  company: string,
  country: string,
  city: string,
  postalCode: string,
  timezone: string,
]

const people: readonly Person[] = [
  ['Ada Lovelace', 'Analytical Engines', 'GB', 'London', 'W1K 2HX', 'Europe/London'],
  ['Grace Hopper', 'Harbor Compilers', 'US', 'New York', '10004', 'America/New_York'],
  ['Katherine Johnson', 'Orbit Figures', 'US', 'Hampton', '23666', 'America/New_York'],
  ['Alan Turing', 'Bletchley Logic', 'GB', 'Manchester', 'M13 9PL', 'Europe/London'],
  ['Hedy Lamarr', 'Spread Radio', 'AT', 'Wien', '1010', 'Europe/Vienna'],
  ['Emmy Noether', 'Symmetrie GmbH', 'DE', 'Erlangen', '91054', 'Europe/Berlin'],
  ['Sofja Kowalewskaja', 'Rigid Bodies AB', 'SE', 'Stockholm', '111 29', 'Europe/Stockholm'],
  ['Radia Perlman', 'Spanning Trees', 'US', 'Boston', '02108', 'America/New_York'],
  ['Zoë Åkerström', 'Norrsken Data', 'SE', 'Göteborg', '411 03', 'Europe/Stockholm'],
  ['José Nuñez', 'Pampa Software', 'AR', 'Buenos Aires', 'C1002', 'America/Argentina/Buenos_Aires'],
  ['María Quintana', 'Cobre Andino', 'CL', 'Santiago', '8320000', 'America/Santiago'],
  ['João Pereira', 'Maré Alta', 'BR', 'São Paulo', '01310-100', 'America/Sao_Paulo'],
  ['Ñandutí Benítez', 'Telares del Sur', 'PY', 'Asunción', '1209', 'America/Asuncion'],
  ['山田 花子', '桜システム', 'JP', '東京', '100-0001', 'Asia/Tokyo'],
  ['王小明', '长城数据', 'CN', '上海', '200000', 'Asia/Shanghai'],
  ['Ольга Иванова', 'Северный Код', 'EE', 'Tallinn', '10111', 'Europe/Tallinn'],
  ['Ελένη Παπαδοπούλου', 'Αιγαίο Νέφος', 'GR', 'Αθήνα', '105 57', 'Europe/Athens'],
  ['Amara Okafor', 'Lagos Ledger', 'NG', 'Lagos', '101233', 'Africa/Lagos'],
  ['Priya Raman', 'Monsoon Metrics', 'IN', 'Chennai', '600001', 'Asia/Kolkata'],
  ["Aoife O'Brien", 'Liffey Labs', 'IE', 'Dublin', 'D02 XY45', 'Europe/Dublin'],
  ['Noa Levi', 'Carmel Cloud', 'IL', 'Haifa', '3303145', 'Asia/Jerusalem'],
  ['Lucas Moreau', 'Atelier Nuage', 'FR', 'Lyon', '69002', 'Europe/Paris'],
  ['Giulia Conti', 'Officina Dati', 'IT', 'Torino', '10121', 'Europe/Rome'],
  ['Tane Walker', 'Kererū Apps', 'NZ', 'Wellington', '6011', 'Pacific/Auckland'],
]

const daysBetween = 6
const dayMs = 86_400_000

/** Creates the demo customers, the last of them today. */
export async function addDemoData(kernel: Kernel, sandbox: Environment): Promise<void> {
  const today = Date.now()
  for (const [index, person] of people.entries()) {
    const createdAt = new Date(today - (people.length - 1 - index) * daysBetween * dayMs)
    await command(
      kernel,
      systemCaller(sandbox),
      (ctx) => createCustomer(ctx, demoCustomer(person, index)),
      createdAt,
    )
  }
}

function demoCustomer(
  [fullName, company, country, city, postalCode, timezone]: Person,
  index: number,
): CreateCustomer {
  const number = String(index + 1).padStart(2, '0')
  return {
    id: `demo_user_${number}`,
    email: `billing+${number}@example.com`,
    fullName,
    timezone,
    address: { line1: `${index + 1} Example Street`, city, postalCode, country },
    metadata: { company, demo: true },
  }
}
