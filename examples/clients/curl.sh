#!/bin/sh
# Talk to an endpoint with curl: sh curl.sh ENDPOINT [OUTPUTS.json]. Asks Pulumi for the outputs when no file is given.
# The key goes to curl on standard input, not as an argument, which every user of the machine could read.
set -eu

endpoint=$1
if [ $# -gt 1 ]; then outputs=$(cat "$2"); else outputs=$(pulumi stack output --json --show-secrets); fi

# A value of some JSON, by its path; empty where there is none. (`jq -r` does the same where it is installed.)
value() {
    python3 -c '
import json, sys
found = json.load(sys.stdin)
for name in sys.argv[1:]:
    found = found[int(name)] if isinstance(found, list) else (found or {}).get(name)
print("" if found is None else found)
' "$@"
}

output() { printf '%s' "$outputs" | value "$@"; }

url=$(output endpoints "$endpoint" chatUrl)
if [ -n "$url" ]; then # a chat model takes messages, a base model a text to go on with
    question='"messages": [{"role": "user", "content": "How far away is the moon?"}]'
    text='message content'
else
    url=$(output endpoints "$endpoint" completionsUrl)
    question='"prompt": "How far away is the moon?"'
    text=text
fi

model=$(output endpoints "$endpoint" modelName) # a Foundry account chooses the deployment by it
question="\"model\": \"$model\", $question"

key=$(output keys "$endpoint" primary)
if [ -z "$key" ]; then # Entra ID: as a service principal where one is given, else as whoever ran `az login`
    scope=$(output endpoints "$endpoint" scope)
    scope=${scope:-https://ml.azure.com/.default}
    if [ -n "${AZURE_CLIENT_SECRET:-}" ]; then
        key=$(printf '%s' "$AZURE_CLIENT_SECRET" | curl -sS --fail-with-body \
            "https://login.microsoftonline.com/$AZURE_TENANT_ID/oauth2/v2.0/token" \
            -d grant_type=client_credentials --data-urlencode "client_id=$AZURE_CLIENT_ID" \
            --data-urlencode "scope=$scope" --data-urlencode client_secret@- | value access_token)
    else
        key=$(az account get-access-token --scope "$scope" --query accessToken --output tsv)
    fi
fi

post() { # URL BODY; -N shows a stream as it comes
    printf 'Authorization: Bearer %s\n' "$key" |
        curl -sS -N --fail-with-body "$1" -H @- -H 'Content-Type: application/json' -d "$2"
}

# max_tokens every time: the Llama routes stop after 16 tokens by default.
printf 'answer: '
# shellcheck disable=SC2086 # two words on purpose
post "$url" "{$question, \"max_tokens\": 64}" | value choices 0 $text

printf 'stream:\n'
post "$url" "{$question, \"max_tokens\": 64, \"stream\": true}"

uri=$(output endpoints "$endpoint" uri)
case $uri in
*/score) # managed compute: the route of the older images
    printf 'score: '
    case $text in
    text) input='"How far away is the moon?"' path='0 0' ;;
    *) input='{"role": "user", "content": "How far away is the moon?"}' path=output ;;
    esac
    # shellcheck disable=SC2086
    post "$uri" "{\"input_data\": {\"input_string\": [$input], \"parameters\": {\"max_new_tokens\": 64}}}" | value $path
    ;;
esac
