-- One database for each product, as their set-up guides ask: Jira sorts by bytes, Confluence by the server's locale.
CREATE DATABASE jira WITH OWNER atlassian ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
CREATE DATABASE confluence WITH OWNER atlassian ENCODING 'UTF8' TEMPLATE template0;
