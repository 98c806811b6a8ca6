using AgentSquad.Cli;

return await SquadCommandLine.RunAsync(args);
