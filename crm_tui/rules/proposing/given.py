"""Common given names of guests, folded: what tells a person's name from a company's."""

from __future__ import annotations

_GIVEN = """
aaron abel abril ada adam adela adele adelina adolfo adrian adriana adrien agata agathe agnes agnieszka agustin aida
aimee ainara ainhoa aitana aitor alain alan alana alba albert alberto aldona alejandra alejandro aleksander aleksandra
alex alexandra alexandre alexis alfonso alfred alfredo alice alicia alicja alina aline alison alma almudena alvaro
amaia amanda amandine amelia amelie amparo amy ana anais anastasia anders andre andrea andreas andrei andres andrew
andrzej ane angel angela angeles angelina angelique anita anjali ann anna anne anne-laure anne-marie anne-sophie
annette annie anthony antje antoine antoni antonia antonio araceli aran ariadna arkadiusz arlette armand armando
arnaud arthur artur arturo asier asuncion audrey augustin aurelia aurelie aurora aurore axel ayesha aysha barbara
barry bart bartek bartlomiej bartosz basia beata beatrice beatriz begona belen ben benat benedicte benito benjamin
benoit bernadette bernard bernardo bernat berta beth betty bill bob bogdan bogumila boguslaw bozena brad brandon
brenda brendan brett brian brigitte bruno bryan caleb callum camila camille candela candice carina carl carla carles
carlos carmen carol carole carolina caroline cassandra catalina catherine cecile cecilia cedric celia celine cezary
chantal charles charles-henri charlie charlotte chloe chris christel christelle christian christiane christina
christine christophe christopher claire clara claude claudia claudine clement clementine colette colin concepcion
concha connor consuelo corinne courtney craig cristian cristina cristobal cyril cyrille czeslaw dagmara daisy damian
damien dan dana daniel daniela daniele danielle danuta daria dariusz daryl dave david dawid dawn debbie deborah debra
delphine denis denise dennis derek diana diane didier diego dolores dominic dominik dominika dominique donald donna
doreen dorota dorothee dorothy doug douglas duncan dylan edgar edith edmund eduard eduardo edward edwige edyta eileen
elaine eleanor elena eleonore elia elias elisa elisabeth elise eliza elizabeth elke ella ellen elliot elodie eloise
elsa elvira elzbieta emilia emilie emilio emily emma emmanuel emmanuelle encarnacion enric enrique eric erica erika
ernest ernesto erwan eryk esteban estefania estela estelle esther ethan etienne eugenia eugenie eugenio eulalia eva
evan eve evelyn evelyne ewa ewelina fabien fabienne fabio fabrice fatima federico felicia felicja felipe felix
ferdinand fermin fernand fernanda fernando ferran filip fiona flora florence florent florian francis francisca
francisco franciszek franck francois francoise frank fred frederic frederique freya gabriel gabriela gabrielle gael
gaelle gareth gary gaspard gavin gema gemma genevieve genowefa geoff geoffrey george georges georgia georgina gerald
geraldine gerard gerardo german gertrude ghislaine gilbert gilles gillian gisele giulia giuseppe gloria gonzalo gordon
gorka grace graham grazyna greg gregoire gregor gregory grzegorz guadalupe guillaume guillem guillermo gustavo guy
gwen halina hamish hanka hanna hannah harold harriet harry hayley heather hector helen helena helene henri henriette
henry henryk herminia hernan herve hilary hilda holly hortense hubert hugh hugo hugues iago ian ignacio ignacy igor
iker ilona imanol immaculada ines inga inmaculada irena irene ireneusz iris irma isaac isabel isabela isabelle isidro
isla ismael ivan ivana ivonne iwona iza izabela izaro jacek jack jackie jacob jacqueline jacques jadwiga jaime jakub
jamal james jan jana jane janet janice janina janine janusz jaroslaw jasmine jason javier jay jean jean-claude
jean-francois jean-luc jean-marc jean-michel jean-paul jean-pierre jeanne jeff jeffrey jenna jennifer jenny jeremi
jeremy jerome jerzy jess jesse jessica jesus jill jim jimena joan joana joanna joanne joao joaquin jodie joe joel
joelle johan johanna john johnny jokin jolanta jon jonas jonathan jordan jordi jorge jose josef josefa josefina joseph
josephine josette josh joshua josiane joyce jozef juan juana judit judith julia julian juliana julie julien juliet
juliette julio justin justine justyna kamil kamila karen karim karin karina karine karl karol karola karolina
katarzyna kate katerina kathleen kathryn kathy katie katrin kay kazimierz keith kelly ken kenneth kenza kevin kieran
kim kinga kirsty klara klaudia konrad konstancja kris kristina krystian krystyna krzysztof kuba kyle lara laura laure
lauren laurence laurent laurie lea leah leanne lech lee leila leire lena leo leon leonie leonor leopold leslie leszek
lewis liam lidia liliana lina linda lindsay lisa lise livia loic lola lorena lorenzo lorna lorraine louis louisa
louise luc luca lucas lucia luciano lucie lucien lucile lucja lucy ludivine ludovic ludwik luis luisa lukasz luke
lydia lydie lynn macarena maciej maddie madeleine mael magali magda magdalena maggie maialen maite maja malcolm
malgorzata manel manon manuel manuela mar marc marcel marcela marcin marco marcos marek margaret margarita margaux
margot maria marian mariana marianna marianne marie marie-christine marie-claude marie-france marie-helene marie-laure
marilyn marina mario mariola marion marisa marisol mariusz marjorie mark marlene marta martha martin martina martine
martyna mary maryse marzena mateo mateusz mathieu mathilde matilde matt matthew matthieu maud maureen maurice mauricio
max maxime maya megan mei mel melanie melina melissa mercedes meritxell mia michael michal michalina michel michele
micheline michelle mieczyslaw miguel mike mikel mikolaj mila milena mireia mireille miriam miroslaw miroslawa mohamed
mohammed moira molly monica monika monique montse montserrat morgan morgane muriel myriam nacho nadege nadia nadine
nancy naomi natacha natalia natalie nathalie nathan neil nekane nelly nerea nicholas nick nicola nicolas nicole nieves
nigel nikodem nina noelia noelle noemi noemie nora norbert norma nuria oceane octavio odile olaf olga oliver olivia
olivier oliwia ophelie oriol oscar oskar oswald owen pablo paco paloma pam pamela pascal pascale pascual patrice
patricia patrick patrycja patryk pau paul paula paulette paulina pauline pavel pawel paz pedro peggy penelope penny
pep pepe perrine pete peter petra phil philip philippa philippe phoebe phyllis pierre pierre-yves pieter pilar piotr
priscilla priya quentin quique rachel rafael rafal ralph ramon raoul raphael raphaelle raquel raul ray raymond rebecca
reed regina regine regis remedios remi remigiusz renata renaud rene renee ricard ricardo richard rita rob robert
roberta roberto robin rocio rodolfo rodrigo rodrigue roger roland romain roman romane ron ronald rory rosa rosalia
rosalie rosario rose rosemary ross roxana roxane roy ruben rupert russell ruth ryan ryszard sabina sabine sabrina
sally salvador sam samantha samia samuel sandra sandrine sandy santiago sara sarah sasha scott sean sebastian
sebastien segolene serge sergio severine shane shannon sharon sheila shirley sidonie silvia simon simona simone
slawomir sofia solange solene sonia sonja sophie stan stanislaw stanislawa stefan stefania stella steph stephane
stephanie stephen steve steven stuart sue susan susana susanna suzanne sylvain sylvie sylwia szczepan szymon tadeusz
tamara tania tanya tara tatiana ted teo teodor teresa terry tess theo theodore therese thibault thibaut thierry thomas
tim timothy tina tobias todd tom tomas tomasz tonia tony tracey tracy trevor tristan txema tyler ulrich unai ursula
urszula valentin valentina valeria valerie vanesa vanessa vera veronica veronika veronique vicent vicente vicki vicky
victor victoria vincent violeta violette virginia virginie viviane vivien waclaw waldemar walter wanda wendy weronika
wieslaw wieslawa wiktor wiktoria wilfried william wioletta wladyslaw wlodzimierz wojciech xabier xavier ximena yael
yann yannick yasmin yasmina yoann yohan yolanda yolande yves yvette yvonne zach zbigniew zdzislaw zenon zoe zofia
zosia zuzanna zygmunt
"""
# Names that often stand second in a double given name: María José, Jean Pierre, Anna Maria.
_SECOND = """
alberto ana andres angel angeles ann anne antonio belen carlos carmen christine claude cristina dolores elena eugenia
francisco ignacio isabel jane javier jesus joanna jose juan katarzyna laure lou louise luis luisa magdalena manuel mar
maria marie miguel pablo paul pierre pilar ramon rosa sophie teresa victoria
"""
GIVEN = frozenset(_GIVEN.split())
SECOND = frozenset(_SECOND.split())
