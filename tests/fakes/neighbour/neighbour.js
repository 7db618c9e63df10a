// Another Worker with service bindings to Littoral: POST /<method> calls that method of AgentService with
// the body, POST /FUNCTIONS.<method> one of FunctionService.
export default {
  async fetch(request, env) {
    const [service, method] = `LITTORAL.${new URL(request.url).pathname.slice(1)}`.split(".").slice(-2);
    return new Response(await env[service][method](await request.text()));
  },
};
