/**
 * What may stand for a `<word>` of a template. `relative`, `job`, `landmark`, `company`, `pet` and `thing` tell a type and
 * occur in templates of that type only; all others occur everywhere.
 */
export const fillers: Readonly<Record<string, readonly string[]>> = {
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  month: ['January', 'March', 'April', 'June', 'July', 'August', 'October', 'December'],
  when: ['today', 'tonight', 'again', 'right now', 'this morning', 'this week', 'at last', 'already'],
  feeling: ['happy', 'proud', 'glad', 'excited', 'sad', 'curious', 'grateful', 'nervous'],
  adverb: ['really', 'totally', 'honestly', 'simply', 'still', 'always', 'so', 'truly'],
  praise: ['great', 'lovely', 'perfect', 'beautiful', 'brilliant', 'fantastic', 'wonderful', 'gorgeous'],
  number: ['2', '3', '5', '7', '10', '12', '40', '99', '100', '250', '1000'],
  relative: [
    'uncle',
    'aunt',
    'cousin',
    'brother',
    'sister',
    'grandma',
    'teacher',
    'neighbour',
    'coach',
    'nephew',
  ],
  job: ['singer', 'actor', 'striker', 'drummer', 'poet', 'nurse', 'painter', 'novelist'],
  landmark: ['harbour', 'castle', 'bridge', 'beach', 'lighthouse', 'cathedral', 'airport', 'valley'],
  company: ['company', 'airline', 'bank', 'startup', 'publisher', 'brewery', 'retailer', 'label'],
  pet: ['cat', 'dog', 'parrot', 'hamster', 'rabbit', 'pony', 'puppy', 'kitten', 'tortoise', 'goldfish'],
  thing: ['speaker', 'guitar', 'kettle', 'bicycle', 'mug', 'lamp', 'teddy', 'drone', 'camera', 'robot'],
}
