using TestHost;

// An app as a user would write it: endpoints and middleware of its own beside CloudFunction's. Its content root comes from --contentRoot,
// the server's settings from the environment, as everywhere.
var builder = WebApplication.CreateBuilder(args);
builder.AddCloudFunctionServer();
builder.Services.AddCloudFunctions();
builder.Services.AddSingleton<RequestCounter>();

var app = builder.Build();
var countersFile = app.Configuration["COUNTERS_FILE"];
var counter = app.Services.GetRequiredService<RequestCounter>();
app.Use(counter.CountAsync);
app.Use(BlockingMiddleware.InvokeAsync);
app.Use(HeldAnswer.InvokeAsync);
app.MapGet("/ping", () => "pong");
app.MapGet("/client", (HttpContext context) => $"{context.Request.Scheme} {context.Request.Host} {context.Connection.RemoteIpAddress}");
app.MapCloudFunctions();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"TestHost listens on {app.Urls.First()}"));
app.Run();

// Only now no request can come or end any more.
counter.Save(countersFile);
