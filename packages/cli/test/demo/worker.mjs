// A worker as the demo starts it, whose jobs say what becomes of them.
process.once('disconnect', () => process.exit())
process.on('message', ({ variant, seed }) => {
  if (variant === 'dies') process.kill(process.pid, 'SIGKILL')
  else if (variant === 'fails') {
    process.send({ failure: { name: 'TrainingError', message: 'The loss must be finite.', stack: '' } })
  } else if (variant === 'works') process.send({ answer: { result: { seed, pid: process.pid } } })
})
