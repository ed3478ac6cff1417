"""The words that mail servers refuse, put off and explain with: what may be repeated of an answer that was given to one
person alone. Whatever else stands in it may be a name.

Out of the answers of Exchange, Exim, Gmail, Postfix, qmail, Sendmail and of the providers, in English and in French.
"""

from __future__ import annotations

ENGLISH = """
a aborted about above abuse accept accepted access accessed account accounts acl action active activity additional
address addresses admin administrative administratively administrator again aliases all allow allowed allowlist
already alternate an and another answer answered antispam any anymore archived are as at attempt attempts
authenticated authentication authorized automatically available away bad banned be because been being below blackhole
blacklist blacklisted block blocked blocklist body bounce bounced box broke broken built bulk busy but by bytes call
can cannot certificate change changed characters check checking cleared client clients closed cluster code comes
command commands complaint complaints complete concerns configuration configured connect connected connecting
connection connections contact contacting contained contains content correct could credentials currently data date day
days deactivated deferral deferred delay delayed deleted deliver delivered delivery denied dependent destination
detected did digest directory disabled discarded disk dkim dmarc dmarcbis dns do does doesn domain domains don dot
double down dsn due during dynamic early echo ehlo email emails enabled encoded encrypted encryption ended enough
error errors exceed exceeded exceeds excessive exchange exim exist exists expired explicitly external failed failing
fails failure failures fax feedback few field file files filter filtered filtering find folder following for forbidden
format forward found frequency from full further gateway general get given go good google greylist greylisted
greylisting group gsmtp guidelines had handle has have header headers hello helo help helpful here high hop hops host
hosted hours however http https if in inactive inbox incoming infected inform information insufficient internal
invalid invalidated ip is issue issues it its just known language large last later learn length less limit limited
limits line lines link list listed lists local locked logged long lookup loop lost low made mail mailbox mailboxes
maildrop mailer mailing mails mailstore make malformed malware many mapping matched max maximum may message messages
microsoft mime mins minute minutes mismatch missing moderate more most moved mta much multiple must mx name names near
need network new newsletter nl no none not now nullmx number octets of off on once one only open operation or orange
original originating other our out outlook over overload overquota own page partner pass passes path peer per perform
permanent permanently permission permitted phishing pipe pipelining please policies policy poor possible postfix
postgrey postmaster practices prevent prevented previously problem problems process processing production prohibited
promptly propagate proper protect protection protocol provided provider proxy ptr qmail quarantined queue quota range
rate rbl rcpt reach reached read reader realtime reason reasons receive received receiver receiving recently recipient
recipients recommended record recorded records reduce refer refused regarding reject rejected rejection relay relayed
relaying remote reply report reported reputation request requested require required requires resend resolve resolved
resolving resource resources respond responded response restricted retired retry return returned reverse review
revised rewrite rfc routing rule rules safe said same scanned scanner score sec second seconds secs security see seems
send sender senders sending sendmail sent server servers service session several shortly should shut sign signature
signed similar since site size slow smtp so software some soon space spam spamcop spamhaus spamming spammy spf started
starttls status still stopped storage stored string strong subject submission submit submitted such support suspected
suspend suspended suspicious syntax system table temp temporarily temporary tenant than that the their them then there
these they this those throttled throttling through time timed timeout times tls to too traffic transaction transient
tried try trying turned ucs unable unauthenticated unauthorized unavailable unbuildable undeliverable unexpected
unfamiliar unfortunately unknown unlimited unreachable unrouteable unsigned unsolicited unsubscribed unsuccessful
until unusual unverified up uribl url use used user username users using valid verification verified verify verifying
version violates violation virtual virus visit visiting volume wait want was we web website were when where which
while will with within without wrong www yahoo yet you your
"""
FRENCH = """
abandonné absent absente accepté accès actif active adresse adresses attendre attente au aucun aucune authentification
autorisé autorisée aux avant avec bal blocage bloqué bloquée boite boites boîte boîtes car ce cela cesse cet cette
clos compte connexion connexions contactez contenu corps courriel courriels dans de depuis des destinataire
destinataires disponible domaine donnée données du désactivé désactivée détecté effectuer en envoi envoyé envoyée
erreur est et existe expiré expéditeur fermé fermée filtre fois fournisseur heure heures hôte il inactif inactive
inconnu inconnue indisponible indésirable indésirables interdit invalide jour jours la le les limite limitée liste
listes maintenance mal message messagerie messages minute minutes mise moment n nom nombre non nous nouveau par pas
perdue permanent plein pleine plus plusieurs politique pour pourriel problème quota raison rapport recevoir refus
refusé refusée rejet rejeté rejetée relais rompue règle réception réessayer répondu réponse réputation s sans serveur
serveurs service ses si signature site son sont spam supprimé supprimée sur suspect suspendu suspendue système
sécurité taille tard temporaire temporairement temps tentative tentatives trop trouvé trouvée un une utilisateur
utilisateurs verrouillé veuillez vide virus volume vos votre vous vérification vérifier échec échoué être
"""

KNOWN = frozenset((ENGLISH + FRENCH).split())
