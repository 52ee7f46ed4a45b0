using Huike.Web.Verbs;

return await CommandLine.Run(args);
