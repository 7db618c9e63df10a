// Another Worker with a service binding to Littoral: POST /<method> calls that method with the body.
export default {
  async fetch(request, env) {
    const method = new URL(request.url).pathname.slice(1);
    return new Response(await env.LITTORAL[method](await request.text()));
  },
};
