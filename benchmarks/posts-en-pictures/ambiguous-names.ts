import type { Shown } from './find-pictures'

/** Names of the training that can be either of two kinds, by both; none of the probe's is among them. Every sixth is validation's. */
export const TRAINING_NAMES: readonly (readonly [Shown, Shown, string])[] = [
  [
    'person',
    'place',
    'Madison Brooklyn Dallas Paris Carolina Georgia Charlotte Kingston Memphis Denver Hudson Orlando Victoria Diego India Kenya Israel Dakota Siena Verona Vienna Bristol Milan Logan Houston Jackson Washington Adelaide Salem Aspen Catalina Valencia Chad Marino Troy Devon Kent Chester Lancaster London Raleigh Tyler Montana Alberta',
  ],
  [
    'person',
    'animal',
    'Buddy Bella Charlie Luna Rocky Oscar Toby Sam Lucky Milo Daisy Molly Duke Oreo Simba Leo Lola Lucy Jack Gus Ziggy Archie Otis Penny Coco Rosie Harley Bailey Finn Murphy',
  ],
  [
    'person',
    'product',
    'Ford Lexus Bentley Porsche Nokia Chanel Hermes Ferrari Morgan Gibson Fender Martin Wilson Zelda Mario Siri Cortana Astra Megane Clio Kia Bosch Dyson Maserati',
  ],
  [
    'place',
    'product',
    'Seville Cordoba Tucson Malaga Ibiza Sierra Colorado Yukon Monterey Capri Torino Cortina Ascona Plymouth Havana Panama Oregon Sedona Daytona Leon Pacifica Murano Riviera Dakar',
  ],
  ['place', 'animal', 'Aspen Bali Cairo Cuba Denali Kenai Zion Yuma Boston Chester Nala Indy Tokyo Aurora'],
  [
    'person',
    'organisation',
    'Wendy Dell Disney Barclay Goldman Boeing Siemens Philips Benz Kellogg Heinz Macy',
  ],
  [
    'place',
    'organisation',
    'Everton Villa Lazio Roma Barcelona Liverpool Oakland Detroit Cleveland Cisco Santander Lloyd',
  ],
]

/** What a name of a kind is labelled. */
export const SHOWN_TYPE: Readonly<Record<Shown, string>> = {
  person: 'PER',
  place: 'LOC',
  country: 'LOC',
  animal: 'MISC',
  product: 'MISC',
  organisation: 'ORG',
}
