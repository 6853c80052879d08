var builder = WebApplication.CreateBuilder(args);
builder.AddCloudFunctionServer();
builder.Services.AddCloudFunctions();

var app = builder.Build();
app.MapCloudFunctions();
app.Run();
