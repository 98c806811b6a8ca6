using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>Words that point to a role: in a label or component they count most, in the summary more than in the description.</summary>
internal static class RoleSignals
{
    public static IReadOnlyDictionary<SquadRole, string[]> Words { get; } = new Dictionary<SquadRole, string[]>
    {
        [SquadRole.BackendDeveloper] =
        [
            "backend", "back end", "api", "apis", "endpoint", "rest", "graphql", "grpc", "service", "server", "microservice", "database", "sql",
            "query", "queue", "webhook", "authentication", "authorization", "login", "session", "token", "cache", "persist", "stored", "validation",
            "repository", "entity", "controller", "job", "scheduler", "email", "invoice", "payment", "order", "500", "exception", "transaction",
            "rate limit", "import", "export", "integration", "c#", "java", "python", "go", "node", "dotnet",
        ],
        [SquadRole.FrontendDeveloper] =
        [
            "frontend", "front end", "ui", "page", "screen", "button", "form", "dialog", "modal", "menu", "tab", "dropdown", "checkbox", "css",
            "html", "react", "angular", "vue", "browser", "click", "clicking", "responsive", "mobile", "view", "dashboard", "table", "tooltip",
            "navigation", "web app", "client side", "accessibility", "dark mode", "keyboard", "toast", "banner", "input field", "displayed",
        ],
        [SquadRole.Designer] =
        [
            "ux", "design", "designer", "wireframe", "mockup", "mock up", "prototype", "layout", "usability", "user experience", "figma", "colour",
            "typography", "icon", "branding", "redesign", "user journey", "look and feel",
        ],
        [SquadRole.DevOpsEngineer] =
        [
            "devops", "deploy", "deployment", "pipeline", "ci", "cd", "docker", "kubernetes", "helm", "terraform", "bicep", "infrastructure",
            "monitoring", "alert", "alerting", "logging", "observability", "rollback", "staging", "production environment", "backup", "certificate",
            "dns", "cloud", "azure", "aws", "gcp", "scaling", "autoscaling", "on call", "runbook", "secret rotation",
        ],
        [SquadRole.DataEngineer] =
        [
            "etl", "elt", "data pipeline", "data warehouse", "warehouse", "ingest", "ingestion", "spark", "airflow", "kafka", "stream", "dbt",
            "schema migration", "data migration", "backfill", "parquet", "data lake", "lakehouse", "data quality", "partitioning", "data model",
        ],
        [SquadRole.DataScientist] =
        [
            "data science", "data scientist", "statistics", "statistical", "hypothesis", "experiment", "a b test", "ab test", "forecast",
            "forecasting", "segmentation", "churn", "correlation", "regression analysis", "notebook", "exploratory", "significance", "cohort",
        ],
        [SquadRole.MlEngineer] =
        [
            "ml", "machine learning", "model training", "train a model", "training data", "retrain", "model serving", "inference", "feature store",
            "classifier", "pytorch", "tensorflow", "embedding model", "mlops", "drift", "recommender", "recommendation engine", "fine tune",
        ],
        [SquadRole.AiEngineer] =
        [
            "ai", "llm", "language model", "gpt", "claude", "prompt", "prompts", "chatbot", "rag", "retrieval augmented", "agent", "copilot",
            "embeddings", "vector search", "summarization", "summarisation", "openai", "generative", "mcp", "ki",
        ],
        [SquadRole.SolutionArchitect] =
        [
            "architecture", "architect", "scalability", "migration", "migrate", "cross service", "event driven", "multi tenant", "multi tenancy",
            "multi region", "new service", "monolith", "decouple", "service boundary", "platform", "high availability", "disaster recovery", "adr",
        ],
        [SquadRole.Tester] =
        [
            "test", "testing", "qa", "quality", "regression", "e2e", "end to end", "test coverage", "flaky", "automated test", "load test",
        ],
        [SquadRole.ProjectManager] =
        [
            "stakeholder", "roadmap", "rollout", "roll out", "communication plan", "deadline", "release plan", "coordinate", "milestone", "budget",
        ],
        [SquadRole.TechLead] = ["refactor", "refactoring", "technical debt", "tech debt", "code quality", "spike", "proof of concept", "upgrade"],
        [SquadRole.AiMlProjectManager] = ["ai project", "ml project", "ai roadmap", "ai governance", "ai strategy", "responsible ai", "ai act"],
    };

    /// <summary>Words that make a task harder than its size.</summary>
    public static IReadOnlyList<string> Hard { get; } =
    [
        "migration", "migrate", "concurrency", "race condition", "distributed", "real time", "realtime", "encryption", "security", "compliance",
        "gdpr", "legacy", "backwards compatible", "backward compatible", "zero downtime", "scalability", "multi tenant", "performance", "payment",
        "refactor", "protocol", "algorithm", "machine learning", "architecture",
    ];

    /// <summary>Words of small changes.</summary>
    public static IReadOnlyList<string> Easy { get; } =
        ["typo", "wording", "rename", "text change", "label change", "colour change", "color change", "spelling", "copy change", "tooltip", "link"];
}
