// A real mail server for the tests: it takes mails, or refuses them as it is told, and prints each as
// a line of JSON. The first line is its port.
//
//   node smtp.mjs '{"refuse": 0}'
//
// refuse: answer 451 to so many mails before one is taken; -1: answer 550 to each.
import { SMTPServer } from 'smtp-server';

let { refuse } = JSON.parse(process.argv[2]);
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, session, done) {
    let text = '';
    stream.on('data', (chunk) => { text += chunk; });
    stream.on('end', () => {
      if (refuse !== 0) {
        const [code, word] = refuse < 0 ? [550, 'nobody here called'] : [451, 'not now for'];
        refuse -= refuse > 0 ? 1 : 0;
        const error = new Error(`${word} ${session.envelope.rcptTo[0].address}`);
        error.responseCode = code;
        console.log(JSON.stringify({ refused: code }));
        return done(error);
      }
      console.log(JSON.stringify({ to: session.envelope.rcptTo[0].address, text }));
      done();
    });
  },
});
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
// Whoever started it goes away: so does it.
process.stdin.on('end', () => process.exit(0)).resume();
