import { Application, TeamsAdapter } from '@microsoft/teams-ai';
import { ActivityTypes } from 'botbuilder';
import restify from 'restify';

/**
 * The least that a bot on this stack does, as the library's own samples set it up: it sends back what was typed.
 * Started with the port to listen on (127.0.0.1 only).
 */
const [port] = process.argv.slice(2);
const adapter = new TeamsAdapter({});
const app = new Application({ startTypingTimer: false, removeRecipientMention: false });
app.activity(ActivityTypes.Message, async (context) => {
  await context.sendActivity(context.activity.text);
});

const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request, response) => {
  await adapter.process(request, response, async (context) => {
    await app.run(context);
  });
});
server.get('/healthz', async (_request, response) => {
  response.send(200);
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
